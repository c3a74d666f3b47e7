"""`make hostile`: thousands of hostile requests to a site of its own, as it is served in production.

`prepared` fills the site and hides words in it that nobody may ever read in an answer; `strings` are what attackers
write; `attacks` makes requests of them, `reading` and `writing` each kind on its own (`kinds` says how many of each), and
`schema` those that the API's document suggests;
`sending` speaks HTTP to the letter, wrong letters too; `slow` are senders who do not come to an end; `judging` looks at
each answer, `aftermath` at the log, the memory and the record when all is over. What is sent follows from the seed.
"""
