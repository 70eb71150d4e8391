"""A simulated support operation: raw tables with every defect of the contract, and what is true of them."""

from support_kpis.simulate.run import SimulationSummary, simulate

__all__ = ["SimulationSummary", "simulate"]
