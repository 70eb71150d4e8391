"""The dashboards as they are said once, compactly, and the Superset assets that are written from them.

`python -m support_kpis.boards` writes dashboards/databases, datasets, charts and dashboards anew; a test holds them to it. No figure is
computed here: the SQL chooses published rows, and adds numerators and denominators.
"""
