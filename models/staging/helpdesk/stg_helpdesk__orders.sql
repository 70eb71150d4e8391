{{ stage_raw('orders') }}
