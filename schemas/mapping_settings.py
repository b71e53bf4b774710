"""Settings of the gateway's mappings."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from schemas.settings import settings_config


class MappingSettings(BaseSettings):
    """Mappings of other JSON and CSV shapes (IOC_MAPPING_…)."""

    model_config = settings_config("IOC_MAPPING_")

    folder: Path | None = Field(
        default=None,
        description="Folder of mapping files; `abc.yaml` in it is `POST /v1/mapped/abc`.",
    )
