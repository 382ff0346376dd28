"""A question whose answer is reckoned from figures → what is to be done, and a plain question for each figure.

    analysis ─ read ─► Calculation: operation, terms (a question each, and the words that tell it from the others)
                ├─► chinese   2019年比2018年降了多少, A和B一共多少, A占B的比重
                └─► english   how many more A than B, the total of A and B
                      └─► sides   男运动员比女运动员 → two things that can be asked for one by one

records has the values. Closed classes of the language only: what they do not recognise is no calculation.
"""
