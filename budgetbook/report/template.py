"""A report template edited in Word becomes a report: only fields are filled in, and an unknown one is an error."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment


class ReportTemplateError(ValueError):
    """The template cannot be filled in; the message names it, says why, and what to do."""


def filled_in(template: Path, fields: Mapping[str, Any]) -> bytes:
    """The template as a finished .docx. Text is escaped; nothing but fields is reached. Raises ReportTemplateError."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        document = DocxTemplate(BytesIO(template.read_bytes()))
        document.render(dict(fields), environment, autoescape=True)
    except UndefinedError as error:
        raise ReportTemplateError(
            f"{template.name} 用到的数在报表里没有（{error.message}）。"
            "请核对模板里的名称，或补填报表；确实没有这笔账的，从模板里删去那一句。"
        ) from error
    except TemplateSyntaxError as error:
        raise ReportTemplateError(
            f"{template.name} 的花括号写得不对（{error.message}）。请检查 {{{{ }}}} 和 {{% %}} 是否成对。"
        ) from error
    except SecurityError as error:
        raise ReportTemplateError(f"{template.name} 里有不允许的写法（{error}）。模板里只能填数，请删去。") from error
    except FileNotFoundError as error:
        raise ReportTemplateError(f"没有找到模板 {template}。请从目录文件夹复制一份 report.docx。") from error
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError) as error:
        raise ReportTemplateError(f"{template.name} 不是完好的 .docx。请用 Word 或 WPS 打开后另存一份。") from error
    target = BytesIO()
    document.save(target)
    return target.getvalue()
