-- Protects the intervals of shares and of their differences: bounds that were published, to the four places in which they were. Wilson's are
-- of 81 in 263, 15 in 148, 0 in 20 and 1 in 29 (Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3), the differences of
-- 56 in 70 less 48 in 80 and of 9 in 10 less 3 in 10 (the same, 873-890, table II, method 10).
with examples as (
    select * from (
        values
        ('81 in 263', {{ wilson_bound('81', '263', 'low') }}, {{ wilson_bound('81', '263', 'high') }}, 0.2553, 0.3662),
        ('15 in 148', {{ wilson_bound('15', '148', 'low') }}, {{ wilson_bound('15', '148', 'high') }}, 0.0624, 0.1605),
        ('0 in 20', {{ wilson_bound('0', '20', 'low') }}, {{ wilson_bound('0', '20', 'high') }}, 0.0000, 0.1611),
        ('1 in 29', {{ wilson_bound('1', '29', 'low') }}, {{ wilson_bound('1', '29', 'high') }}, 0.0061, 0.1718),
        ('56 in 70 less 48 in 80', {{ newcombe_bound('56', '70', '48', '80', 'low') }}, {{ newcombe_bound('56', '70', '48', '80', 'high') }}, 0.0524, 0.3339),
        ('9 in 10 less 3 in 10', {{ newcombe_bound('9', '10', '3', '10', 'low') }}, {{ newcombe_bound('9', '10', '3', '10', 'high') }}, 0.1705, 0.8090)
    ) as cases (example, computed_low, computed_high, published_low, published_high)
)

select * from examples
where
    abs(computed_low - published_low) > 0.00005
    or abs(computed_high - published_high) > 0.00005
