{{ stage_raw('interactions') }}
