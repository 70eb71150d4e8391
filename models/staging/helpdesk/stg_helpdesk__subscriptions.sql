{{ stage_raw('subscriptions') }}
