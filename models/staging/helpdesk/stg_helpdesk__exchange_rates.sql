{{ stage_raw('exchange_rates') }}
