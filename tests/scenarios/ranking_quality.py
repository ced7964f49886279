#!/usr/bin/env python3
"""How good the rankings of a roster with known topics are: nDCG@10 beside plain BM25 and chance.

Takes a folder of rosters (experts.csv, needs.csv, truth_topics.csv with file,id,topic,region) and
imports it; a ranked expert gains 2 for the need's second-level discipline, 1 for its first level.
Two columns: every expert of the roster counts as attainable (so hard rules cost), and only those
whom no hard rule excludes, for all three rankings alike. Plain BM25: character bigrams of the need's
name, field and description against the expert's research terms and field names, no rules. With
--text-only the discipline columns of both sides are blanked first, for all alike. Also checks that
the parts of every candidate add up.

  python3 tests/scenarios/ranking_quality.py ROSTER --chucai build/release/api/chucai [--text-only]
"""
import argparse
import collections
import csv
import os
import random
import sys
import tempfile

from ranking_measures import Bm25, Register, bigrams, ndcg, rows, sums_wrong

FIELD_COLUMNS = ('一级学科', '二级学科', '学科代码', '学科领域')


def gain(need_topic, expert_topic):
    return 2 if need_topic == expert_topic else 1 if need_topic[:3] == expert_topic[:3] else 0


def write(path, records, blank):
    with open(path, 'w', encoding='utf-8', newline='') as f:
        out = csv.DictWriter(f, list(records[0]), lineterminator='\n')
        out.writeheader()
        for record in records:
            out.writerow({k: '' if k in blank else v for k, v in record.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('roster')
    parser.add_argument('--chucai', required=True)
    parser.add_argument('--text-only', action='store_true', help='blank the discipline columns')
    arguments = parser.parse_args()
    blank = FIELD_COLUMNS if arguments.text_only else ()
    with open(os.path.join(arguments.roster, 'truth_topics.csv'), encoding='utf-8') as f:
        topics = {r['id']: r['topic'] for r in csv.DictReader(f)}
    people = rows(os.path.join(arguments.roster, 'experts.csv'))
    needs = rows(os.path.join(arguments.roster, 'needs.csv'))
    experts = {r['专家编号']: r for r in people}
    numbers = sorted(experts)

    def text(record, *columns):
        return ''.join(record.get(c, '') for c in columns if c not in blank)

    bm25 = Bm25([bigrams(text(experts[n], '研究方向', '一级学科', '二级学科')) for n in numbers])
    chance = random.Random(1)
    scores = collections.defaultdict(list)
    wrong_sums = 0
    with tempfile.TemporaryDirectory() as folder:
        register = Register(arguments.chucai, folder)
        for kind, records in (('experts', people), ('needs', needs)):
            path = os.path.join(folder, kind + '.csv')
            write(path, records, blank)
            register.bring(path, kind)
        for need in needs:
            number = need['需求编号']
            answer = register.match(number)
            if answer is None or number not in topics:
                continue
            wrong_sums += sums_wrong(answer)
            topic = topics[number]
            by_text = bm25.top(bigrams(text(need, '需求名称', '学科领域', '需求描述')), len(numbers))
            orders = {'chucai': [c['number'] for c in answer['candidates']],
                      'plain BM25': [numbers[i] for i in by_text],
                      'random': chance.sample(numbers, len(numbers))}
            eligible = set(orders['chucai'])
            for column, pool in (('all', set(numbers)), ('eligible', eligible)):
                ideal = [gain(topic, topics[n]) for n in pool if n in topics]
                for name, order in orders.items():
                    chosen = [n for n in order if n in pool][:10]
                    value = ndcg([gain(topic, topics[n]) for n in chosen if n in topics], ideal)
                    if value is not None:
                        scores[name, column].append(value)
    for (name, column), values in scores.items():
        print(f'{name:12} nDCG@10 {sum(values) / len(values):.3f}  {column}, {len(values)} needs')
    print(f'candidates whose parts do not add up: {wrong_sums}')
    return 1 if wrong_sums else 0


if __name__ == '__main__':
    sys.exit(main())
