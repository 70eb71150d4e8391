{{ stage_raw('sla_policies') }}
