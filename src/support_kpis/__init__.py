"""The driver of the support KPI warehouse: it checks the input, has dbt build, audits and publishes."""

__version__ = "0.1.0"
