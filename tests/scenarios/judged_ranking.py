#!/usr/bin/env python3
"""How good rankings are on the judged set (tests/data/judged): nDCG@10, MRR, P@5, part by part.

Imports the set into a throw-away register, ranks every need, and prints a row for the whole score,
for the score with each part off, and for the peers: plain BM25 (with and without works), distance in
the discipline and industry trees alone, chance. Grades 0..3 are the gains of nDCG; good, for MRR and
P@5, is 2 and more. `judged`: only the need's 20 judged experts are ordered. `pool`: all experts are,
and whoever was not judged for the need counts 0. A part is off when its points are taken from every
score; the points add up exactly, and the command checks that too.

  python3 tests/scenarios/judged_ranking.py --chucai build/release/api/chucai [--without-works]
"""
import argparse
import collections
import os
import random
import sys
import tempfile

from ranking_measures import (Bm25, Register, ndcg, precision, reciprocal_rank, rows, sums_wrong, words)

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'judged')
GOOD = 2


def common(a, b):
    """Leading digits that two codes share."""
    return len(os.path.commonprefix([a, b]))


def nearness(need, expert):
    """Nearness in the trees of disciplines and industries, from the codes alone."""
    field = need['学科代码'], expert['学科代码']
    trade = need['行业代码'], expert['行业代码']
    return ((2 if common(*field) >= 5 else 1 if common(*field) >= 3 else 0),
            common(*trade) if common(*trade) >= 2 else 0)


class Peers:
    """The rankings to compare with, by name, each a function of a need."""

    def __init__(self, experts, works):
        self.experts = experts
        self.numbers = sorted(experts)
        own = {n: words('。'.join(experts[n][c] for c in ('研究方向', '一级学科', '二级学科')))
               for n in self.numbers}
        written = collections.defaultdict(list)
        for work in works:
            for number in [work['专家编号']] + [c for c in work['合作者编号'].split('、') if c]:
                written[number] += words(work['题名'] + '。' + work['摘要'])
        self.alone = Bm25([own[n] for n in self.numbers])
        self.with_works = Bm25([own[n] + written[n] for n in self.numbers])
        self.chance = random.Random(1)

    def orders(self, need):
        query = words('。'.join(need[c] for c in ('需求名称', '学科领域', '需求描述')))
        everybody = len(self.numbers)
        return {
            'BM25, research terms alone': [self.numbers[i] for i in self.alone.top(query, everybody)],
            'BM25, with works': [self.numbers[i] for i in self.with_works.top(query, everybody)],
            'tree distance alone': sorted(
                self.numbers, key=lambda n: (tuple(-x for x in nearness(need, self.experts[n])), n)),
            'random': self.chance.sample(self.numbers, everybody),
        }


def ablated(answer):
    """Rankings of one answer: the whole score, and the score with each part off."""
    points = {c['number']: {p['code']: p['points'] for p in c['parts']} for c in answer['candidates']}
    found = {'chucai': [c['number'] for c in answer['candidates']]}
    parts = [p['code'] for p in answer['candidates'][0]['parts']] if answer['candidates'] else []
    for off in parts:
        left = {n: sum(v for k, v in of.items() if k != off) for n, of in points.items()}
        found[f'chucai without {off}'] = sorted(left, key=lambda n: (-left[n], n))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--chucai', required=True)
    parser.add_argument('--without-works', action='store_true', help='leave works.csv out of the register')
    arguments = parser.parse_args()
    experts = {r['专家编号']: r for r in rows(os.path.join(FOLDER, 'experts.csv'))}
    needs = rows(os.path.join(FOLDER, 'needs.csv'))
    grades = collections.defaultdict(dict)
    for row in rows(os.path.join(FOLDER, 'grades.csv')):
        grades[row['need']][row['expert']] = int(row['grade'])
    peers = Peers(experts, rows(os.path.join(FOLDER, 'works.csv')))
    scores = collections.defaultdict(list)
    wrong_sums = excluded = 0
    with tempfile.TemporaryDirectory() as folder:
        register = Register(arguments.chucai, folder)
        for kind in ('experts', 'needs') if arguments.without_works else ('experts', 'works', 'needs'):
            register.bring(os.path.join(FOLDER, kind + '.csv'), kind)
        for need in needs:
            of = grades[need['需求编号']]
            answer = register.match(need['需求编号'])
            if answer is None:
                sys.exit('no ranking for ' + need['需求编号'])
            wrong_sums += sums_wrong(answer)
            orders = {**ablated(answer), **peers.orders(need)}
            excluded += sum(1 for e, g in of.items() if g >= GOOD and e not in orders['chucai'])
            for name, order in orders.items():
                judged = [of[n] for n in order if n in of]
                pool = [of.get(n, 0) for n in order]
                scores[name].append((ndcg(judged, of.values()), reciprocal_rank(judged, GOOD),
                                     precision(judged, GOOD), ndcg(pool, of.values()),
                                     reciprocal_rank(pool, GOOD), precision(pool, GOOD)))
    print(f'{"":34}judged: nDCG@10    MRR    P@5   pool: nDCG@10    MRR    P@5')
    for name, values in scores.items():
        mean = [sum(column) / len(values) for column in zip(*values)]
        print(f'{name:34}{mean[0]:15.3f}{mean[1]:7.3f}{mean[2]:7.3f}{mean[3]:16.3f}{mean[4]:7.3f}{mean[5]:7.3f}')
    print(f'{len(needs)} needs, {len(experts)} experts; graded {GOOD} or more but excluded by a rule: {excluded}')
    print(f'candidates whose parts do not add up: {wrong_sums}')
    return 1 if wrong_sums else 0


if __name__ == '__main__':
    sys.exit(main())
