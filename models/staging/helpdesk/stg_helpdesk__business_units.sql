{{ stage_raw('business_units') }}
