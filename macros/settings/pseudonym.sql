{#-
    The id under which an erased customer is published: the same in every build, and without the salt (setting pseudonym_salt)
    not to be told from the customer's own id.

    Args:
        customer_id: SQL of the customer's id.
-#}
{% macro pseudonym(customer_id) -%}
    'erased-' || {{ stable_key([text_literal(setting('pseudonym_salt')), customer_id]) }}
{%- endmacro %}
