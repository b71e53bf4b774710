"""The pipeline between a partition's records and the warehouse, without Faust, Kafka or HTTP."""

from streams.pipeline.pipeline import Pipeline
from streams.pipeline.policy import PipelinePolicy

__all__ = ["Pipeline", "PipelinePolicy"]
