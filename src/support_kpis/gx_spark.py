"""Great Expectations on Spark's tables, evaluated by Spark itself in the session that is open."""

from __future__ import annotations

from typing import Any

from support_kpis.checks import Checks, Outcomes
from support_kpis.gx_duckdb import new_context, outcomes_of, quietly, suite_of


def validate_spark(session: Any, schema: str, checks: Checks) -> Outcomes:
    """Check the tables of a Spark schema.

    Args:
        session: of pyspark.
        schema: where the tables are.
        checks: what they are held against.
    """
    import great_expectations as gx

    with quietly():
        context = new_context(checks.docs_dir)
        source = context.data_sources.add_spark("candidate", persist=False)
        results = []
        for table, suite in checks.suites.items():
            asset = source.add_dataframe_asset(table)
            batch = asset.add_batch_definition_whole_dataframe("whole table")
            definition = context.validation_definitions.add(
                gx.ValidationDefinition(name=table, data=batch, suite=suite_of(context, table, suite))
            )
            results.append(
                definition.run(
                    batch_parameters={"dataframe": session.table(f"{schema}.{table}")},
                    expectation_parameters=dict(checks.parameters),
                )
            )
        context.build_data_docs()
        return outcomes_of(results)
