"""The assumptions of a capacity plan. Each has a default with its reason, and a file can change them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

_MEASURED: Final = Path(__file__).with_name("measured.json")


class Assumptions(BaseModel):
    """What a capacity plan assumes of the users and of the application. Keys in a file are camelCase."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    users: int = Field(default=10_000, ge=1, le=1_000_000_000, description="users, active or not")
    requests_per_user_hour: float = Field(
        default=2.0,
        gt=0,
        le=10_000,
        description="API requests of a user in an hour, on average over the day and all users: 48 a day, such as one "
        "user in five who sends 240",
    )
    peak_factor: float = Field(default=3.0, ge=1, le=100, description="the busiest minute of a day ÷ the average")
    spike_factor: float = Field(default=10.0, ge=1, le=1_000, description="requests of a spike ÷ the average")
    active_percent: float = Field(default=20.0, gt=0, le=100, description="users who are active on a day")
    requests_per_second_per_task: float | None = Field(
        default=None,
        gt=0,
        le=1_000_000,
        description="requests per second that one task serves within the guide's targets; without it the rate that the "
        "load run measured for the CPU of the tier's task",
    )
    cpu_ms_per_request: float | None = Field(
        default=None, gt=0, le=60_000, description="CPU time of one request; without it what the load run measured"
    )
    base_latency_ms: float | None = Field(
        default=None,
        ge=0,
        le=60_000,
        description="response time without any queue: network, database and cache; without it the median of the load "
        "run",
    )
    utilization_percent: float = Field(
        default=70.0, ge=10, le=100, description="share of that rate that a task is planned for: the guide's CPU < 70 %"
    )
    cache_hit_percent: float = Field(
        default=80.0, ge=0, le=100, description="reads that the cache answers, in phases with a cache"
    )
    cached_kb_per_active_user: float = Field(
        default=20.0, ge=0, le=1_000_000, description="cached data of a user who is active on the day"
    )
    write_percent: float = Field(
        default=10.0, ge=0, le=100, description="requests that write, as in the load run: one of ten changes a task"
    )
    queries_per_request: float = Field(
        default=1.0, ge=0, le=1_000, description="database queries of a request that the cache does not answer"
    )
    query_ms: float = Field(
        default=10.0, gt=0, le=60_000, description="time of a query; the guide allows 100 ms, an indexed one takes less"
    )
    documents_per_user: float = Field(default=200.0, ge=0, le=10_000_000, description="documents of a user")
    document_bytes: float = Field(default=500.0, gt=0, le=16_000_000, description="size of a document")
    index_percent: float = Field(default=30.0, ge=0, le=1_000, description="indexes in percent of the documents")
    hot_percent: float = Field(default=20.0, gt=0, le=100, description="documents and indexes that are in use on a day")
    reads_from_disk_percent: float = Field(
        default=5.0, ge=0, le=100, description="queries that read from the disk, because memory lacks the document"
    )
    io_per_write: float = Field(
        default=3.0,
        ge=0,
        le=1_000,
        description="disk operations of a write: document, indexes and journal (from memory; Atlas shows Disk IOPS)",
    )
    task_start_seconds: float = Field(
        default=60.0,
        ge=0,
        le=3_600,
        description="from the decision to start a task until its process listens: placement, image pull, start (from "
        "memory; a service's events show yours)",
    )
    timeout_seconds: float = Field(
        default=10.0, gt=0, le=4_000, description="wait after which a client gives up and the request counts as dropped"
    )

    @classmethod
    def described(cls) -> Mapping[str, str]:
        """Return the description of each assumption by its key in a file."""
        return {to_camel(name): str(field.description) for name, field in cls.model_fields.items()}

    def changed(self, **values: Any) -> Self:
        """Return the assumptions with the values that are not None. Raises ValueError with one sentence."""
        given = {name: value for name, value in values.items() if value is not None}
        return self._checked({**self.model_dump(), **given})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the assumptions in a YAML file. What it lacks has its default. Raises ValueError and OSError."""
        try:
            document: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ValueError(
                f"{path}: not valid YAML (got {' '.join(str(error).split())}). Correct the file."
            ) from error
        if not isinstance(document, dict | None):
            raise ValueError(f"{path}: must contain a mapping (got {type(document).__name__}). Write keys with values.")
        try:
            return cls._checked(document or {})
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    @classmethod
    def _checked(cls, values: Mapping[str, Any]) -> Self:
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ValueError(" ".join(cls._sentence(each) for each in error.errors())) from error

    @classmethod
    def _sentence(cls, error: Any) -> str:
        key = to_camel(".".join(str(part) for part in error["loc"]))
        if error["type"] == "extra_forbidden":
            return f"{key}: not an assumption. Allowed: {', '.join(cls.described())}."
        return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]} (got {error['input']})."

    def as_yaml(self) -> str:
        """Return a file with every assumption and its description."""
        values = self.model_dump(by_alias=True)
        lines = ["# Assumptions of `tierup capacity --assumptions FILE`. A missing key has its default."]
        for key, description in self.described().items():
            lines += [f"# {description}", f"{key}: {json.dumps(values[key])}"]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredTask:
    """What the load run measured for one task size (docs/explanation/capacity.md)."""

    cpu_units: int
    rate: float
    """The highest rate of requests per second that met the guide's targets."""
    p50_ms: float
    cpu_ms_per_request: float
    memory_mib: float
    """The largest resident memory of the process."""


@cache
def measured_tasks() -> Mapping[int, MeasuredTask]:
    """Return the results of the load run by CPU units."""
    document = json.loads(_MEASURED.read_text(encoding="utf-8"))
    return {
        int(each["cpu_units"]): MeasuredTask(
            cpu_units=each["cpu_units"],
            rate=each["passed"]["rate"],
            p50_ms=each["passed"]["p50_ms"],
            cpu_ms_per_request=each["passed"]["cpu_ms_per_request"],
            memory_mib=each["passed"]["memory_mib"],
        )
        for each in document["results"]
    }


def measured_on() -> str:
    """Return the day and the machine of the load run."""
    document = json.loads(_MEASURED.read_text(encoding="utf-8"))
    return f"load run of {document['day']}, {document['machine']}"


def measured_task(cpu_units: int) -> MeasuredTask:
    """Return the result of the load run for the largest measured task that is not larger, or else for the smallest."""
    known = measured_tasks()
    return known[max((each for each in known if each <= cpu_units), default=min(known))]
