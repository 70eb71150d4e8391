-- Protects the intervals of the scorecard: the macros must give what was published elsewhere, to the places printed there.
-- Wilson: R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I,
-- method 3. Net promoter score: 2309 promoters and 1719 detractors among 5000 answers, worked by hand. Median: the ranks
-- that order statistics give for 100 values.
with cases as (
    select
        'wilson 81 of 263' as what,
        {{ wilson_bound('81', '263', 'low') }} as low,
        0.2553 as expected_low,
        {{ wilson_bound('81', '263', 'high') }} as high,
        0.3662 as expected_high
    union all
    select
        'wilson 15 of 148' as what,
        {{ wilson_bound('15', '148', 'low') }} as low,
        0.0624 as expected_low,
        {{ wilson_bound('15', '148', 'high') }} as high,
        0.1605 as expected_high
    union all
    select
        'wilson 0 of 20' as what,
        {{ wilson_bound('0', '20', 'low') }} as low,
        0.0 as expected_low,
        {{ wilson_bound('0', '20', 'high') }} as high,
        0.1611 as expected_high
    union all
    select
        'wilson 1 of 29' as what,
        {{ wilson_bound('1', '29', 'low') }} as low,
        0.0061 as expected_low,
        {{ wilson_bound('1', '29', 'high') }} as high,
        0.1718 as expected_high
    union all
    select
        'nps of 2309 and 1719 in 5000' as what,
        0.118 - {{ nps_reach('0.118', '0.8056', '5000') }} as low,
        0.09333752 as expected_low,
        0.118 + {{ nps_reach('0.118', '0.8056', '5000') }} as high,
        0.14266248 as expected_high
    union all
    select
        'ranks around the median of 100' as what,
        {{ as_double(median_bound_rank('100', 'low')) }} as low,
        40 as expected_low,
        {{ as_double(median_bound_rank('100', 'high')) }} as high,
        61 as expected_high
    union all
    select
        'ranks around the median of 3' as what,
        {{ as_double(median_bound_rank('3', 'low')) }} as low,
        1 as expected_low,
        {{ as_double(median_bound_rank('3', 'high')) }} as high,
        3 as expected_high
)

select *
from cases
where
    abs(low - expected_low) > 0.00005
    or abs(high - expected_high) > 0.00005
