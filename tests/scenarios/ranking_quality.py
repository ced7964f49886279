#!/usr/bin/env python3
"""How good the rankings of a roster with known topics are: nDCG@10 beside plain BM25 and chance.

Takes a folder of rosters (experts.csv, needs.csv, truth_topics.csv with file,id,topic,region) and
imports it; a ranked expert gains 2 for the need's second-level discipline, 1 for its first level.
Two columns: every expert of the roster counts as attainable (so hard rules cost), and only those whom
no hard rule excludes, for all three rankings alike. Plain BM25: character bigrams of the need's name, field and description against the expert's
research terms and field names, no rules. Also checks that the parts of every candidate add up.

  python3 tests/scenarios/ranking_quality.py ROSTER --chucai build/release/api/chucai
"""
import argparse
import collections
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile


def rows(path):
    with open(path, encoding='utf-8-sig', newline='') as f:
        data = list(csv.reader(f))
    header = next(i for i, row in enumerate(data) if sum(1 for c in row if c) > 10)
    return [dict(zip(data[header], row)) for row in data[header + 1:] if len(row) == len(data[header])]


def bigrams(text):
    text = ''.join(c for c in text if c.isalnum())
    return [text[i:i + 2] for i in range(len(text) - 1)]


class Bm25:
    def __init__(self, documents):
        self.lengths = [len(d) for d in documents]
        self.mean = sum(self.lengths) / max(1, len(documents))
        self.postings = collections.defaultdict(dict)
        for i, document in enumerate(documents):
            for term, count in collections.Counter(document).items():
                self.postings[term][i] = count

    def top(self, query, k):
        scores = collections.Counter()
        for term in set(query):
            hits = self.postings.get(term, {})
            idf = math.log(1 + (len(self.lengths) - len(hits) + 0.5) / (len(hits) + 0.5))
            for i, count in hits.items():
                norm = 1.2 * (0.25 + 0.75 * self.lengths[i] / self.mean)
                scores[i] += idf * count * 2.2 / (count + norm)
        return [i for i, _ in sorted(scores.items(), key=lambda x: (-x[1], x[0]))[:k]]


def gain(need_topic, expert_topic):
    return 2 if need_topic == expert_topic else 1 if need_topic[:3] == expert_topic[:3] else 0


def ndcg(gains, ideal):
    def dcg(values):
        return sum(g / math.log2(i + 2) for i, g in enumerate(values[:10]))
    best = dcg(sorted(ideal, reverse=True))
    return dcg(gains) / best if best else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('roster')
    parser.add_argument('--chucai', required=True)
    arguments = parser.parse_args()
    topics = {r['id']: r['topic'] for r in csv.DictReader(
        open(os.path.join(arguments.roster, 'truth_topics.csv'), encoding='utf-8'))}
    experts = {r['专家编号']: r for r in rows(os.path.join(arguments.roster, 'experts.csv'))}
    needs = rows(os.path.join(arguments.roster, 'needs.csv'))
    numbers = sorted(experts)
    bm25 = Bm25([bigrams(experts[n].get('研究方向', '') + experts[n].get('一级学科', '') +
                         experts[n].get('二级学科', '')) for n in numbers])
    chance = random.Random(1)
    scores = collections.defaultdict(list)
    wrong_sums = 0
    with tempfile.TemporaryDirectory() as folder:
        base = [arguments.chucai, '--data', os.path.join(folder, 'data'), '--today', '2018-12-31', '--json']
        subprocess.run(base + ['init'], check=True, stdout=subprocess.DEVNULL)
        for kind in ('experts', 'needs'):
            done = subprocess.run(base + ['import', os.path.join(arguments.roster, kind + '.csv'),
                                          '--as', kind], stdout=subprocess.DEVNULL)
            if done.returncode not in (0, 3):
                sys.exit('import failed: ' + kind)
        for need in needs:
            number = need['需求编号']
            out = subprocess.run(base + ['match', number, '--top', '1000'], capture_output=True)
            if out.returncode != 0 or number not in topics:
                continue
            answer = json.loads(out.stdout)
            wrong_sums += sum(1 for c in answer['candidates']
                              if sum(p['points'] for p in c['parts']) != c['score'])
            topic = topics[number]
            text = need.get('需求名称', '') + need.get('学科领域', '') + need.get('需求描述', '')
            by_text = [numbers[i] for i in bm25.top(bigrams(text), len(numbers))]
            by_chance = chance.sample(numbers, len(numbers))
            ranked = [c['number'] for c in answer['candidates']]
            eligible = set(ranked)
            for column, pool in (('all', set(numbers)), ('eligible', eligible)):
                ideal = [gain(topic, topics[n]) for n in pool if n in topics]
                for name, order in (('chucai', ranked), ('plain BM25', by_text), ('random', by_chance)):
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
