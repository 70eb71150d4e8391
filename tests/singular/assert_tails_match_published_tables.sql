-- Protects the p-values of alerts: upper tails of the normal distribution as tables print them, Student's critical values (two-sided 5 % with
-- 10 and 30 degrees of freedom, one-sided 0.05 % with 20) turned into the normal score of the same tail, and the misses of a count and of a
-- share whose deviance was worked out by hand: 20 where 10 are expected, a quarter of a case drawn in, is the root of 2 * (19.75 * ln 1.975 - 9.75);
-- 30 of 100 where 20 are, of 2 * (29.75 * ln 1.4875 + 70.25 * ln 0.878125). Scores are doubles, as in the models: a bare 0.5 is a decimal, of
-- whose powers Spark has no places left.
{%- set examples = [
    ('tail of 0', normal_upper_tail(as_double('0.0')), 0.5, 0.000001),
    ('tail of -1', normal_upper_tail(as_double('-1.0')), 0.8413447, 0.000001),
    ('tail of 1.96', normal_upper_tail(as_double('1.959963984540054')), 0.025, 0.0000001),
    ('tail of 3', normal_upper_tail(as_double('3.0')), 0.0013498980, 0.000000001),
    ('tail of 6', normal_upper_tail(as_double('6.0')), 0.0000000009865876, 0.000000000000001),
    ('student 10', student_as_normal('2.228139', '10'), 1.959964, 0.003),
    ('student 30', student_as_normal('-2.042272', '30'), -1.959964, 0.001),
    ('student 20', student_as_normal('3.849516', '20'), 3.290527, 0.003),
    ('count', count_miss('20.0', '10.0'), 2.7171, 0.0001),
    ('count as expected', count_miss('10.0', '10.0'), 0.0, 0.000001),
    ('no case', count_miss('0.0', '5.0'), -2.8288, 0.0001),
    ('share', share_miss('30.0', '100.0', '0.2'), 2.3167, 0.0001),
    ('median', median_of_five(['9.0', '-4.0', '7.0', '1.0', '100.0']), 7.0, 0.0),
] %}
with computed as (
    {%- for example, expression, published, tolerance in examples %}
    select
        '{{ example }}' as example,
        {{ as_double(expression) }} as computed,
        {{ published }} as published,
        {{ tolerance }} as tolerance
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from computed
where abs(computed - published) > tolerance or computed is null
