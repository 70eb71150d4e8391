"""Great Expectations on Spark's tables, evaluated by Spark itself in the session that is open."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support_kpis.gx_duckdb import new_context, outcomes_of, suite_of, write_site


def validate_spark(
    session: Any,
    schema: str,
    suites: Mapping[str, Mapping[str, Any]],
    parameters: Mapping[str, Any],
    docs_dir: Path | None,
) -> list[tuple[str, dict[str, Any]]]:
    """Check tables of a Spark schema against suites.

    Args:
        session: of pyspark.
        schema: where the tables are.
        suites: table name to its suite, as JSON holds it.
        parameters: values for the suites' `$PARAMETER` places.
        docs_dir: an empty or missing folder for the report as HTML, None for no report.

    Returns:
        Table name and outcome of each expectation, as Great Expectations writes them.
    """
    import great_expectations as gx

    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context = new_context(docs_dir)
            source = context.data_sources.add_spark("candidate", persist=False)
            results = []
            for table, suite in suites.items():
                asset = source.add_dataframe_asset(table)
                batch = asset.add_batch_definition_whole_dataframe("whole table")
                definition = context.validation_definitions.add(
                    gx.ValidationDefinition(name=table, data=batch, suite=suite_of(context, table, suite))
                )
                results.append(
                    definition.run(
                        batch_parameters={"dataframe": session.table(f"{schema}.{table}")},
                        expectation_parameters=dict(parameters),
                    )
                )
            write_site(context, docs_dir)
            return outcomes_of(results)
    finally:
        logging.disable(logging.NOTSET)
