"""The way of a reader's report, from receipt to answer.

    receiving   the report comes in, its reader writes again, withdraws name or address
    deciding    confirm, decline, the same as another, ask, close, reopen, spam; what is noted beside it
    answering   the open edition, or the proposed change, that is to answer a confirmed report
    settling    what publication, discarding and amendments do to the reports they were to answer
    letters     what the reader is told by mail at each step
    erasing     names and addresses are forgotten some time after the answer
    ledger      the public list: what it can be narrowed by, and the figures at its head

A report moves in one place, `moves.move`: it writes the state, the file of the report, the public log
and the mail to the reader in one transaction.
"""
