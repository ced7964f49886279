"""What the ranking scenarios share: rosters read, plain BM25 as the measure to beat, nDCG, MRR, P@5."""
import collections
import csv
import json
import math
import os
import subprocess
import sys
import unicodedata


def rows(path):
    """The records of a roster as dicts; title rows above the header are skipped."""
    with open(path, encoding='utf-8-sig', newline='') as f:
        data = list(csv.reader(f))
    width = max(map(len, data))
    header = next(i for i, row in enumerate(data) if sum(1 for c in row if c) > width // 2)
    return [dict(zip(data[header], row)) for row in data[header + 1:] if len(row) == len(data[header])]


def bigrams(text):
    text = ''.join(c for c in text if c.isalnum())
    return [text[i:i + 2] for i in range(len(text) - 1)]


def words(text):
    """Han bigrams, and whole words of other scripts: what a text in English or Chinese is asked by."""
    found, run, han = [], '', ''
    for c in unicodedata.normalize('NFKC', text).lower() + ' ':
        is_han = '\u4e00' <= c <= '\u9fff'
        if is_han:
            if han:
                found.append(han + c)
            han = c
        else:
            han = ''
        if c.isalnum() and not is_han:
            run += c
        else:
            if run:
                found.append(run)
            run = ''
    return found


class Bm25:
    """Okapi BM25 (k1 1.2, b 0.75) over documents given as lists of terms."""

    def __init__(self, documents):
        self.lengths = [len(d) for d in documents]
        self.mean = max(1, sum(self.lengths) / max(1, len(documents)))
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


def ndcg(gains, ideal, k=10):
    """nDCG@k of the gains in ranked order; None where nothing attainable has a gain."""
    def dcg(values):
        return sum(g / math.log2(i + 2) for i, g in enumerate(values[:k]))
    best = dcg(sorted(ideal, reverse=True))
    return dcg(gains) / best if best else None


def reciprocal_rank(gains, good):
    return next((1 / (i + 1) for i, g in enumerate(gains) if g >= good), 0.0)


def precision(gains, good, k=5):
    return sum(1 for g in gains[:k] if g >= good) / k


class Register:
    """A throw-away register driven through the command line."""

    def __init__(self, chucai, folder, today='2018-12-31'):
        self.base = [chucai, '--data', os.path.join(folder, 'data'), '--today', today, '--json']
        subprocess.run(self.base + ['init'], check=True, stdout=subprocess.DEVNULL)

    def bring(self, path, kind):
        """Imports a roster; exits when the file is unusable."""
        done = subprocess.run(self.base + ['import', path, '--as', kind], stdout=subprocess.DEVNULL)
        if done.returncode not in (0, 3):
            sys.exit(f'import failed: {path} as {kind}')

    def match(self, *arguments):
        """The answer of `match`, or None."""
        out = subprocess.run(self.base + ['match', *arguments, '--top', '1000'], capture_output=True)
        return json.loads(out.stdout) if out.returncode == 0 else None


def sums_wrong(answer):
    """Candidates whose parts do not add up to the score."""
    return sum(1 for c in answer['candidates'] if sum(p['points'] for p in c['parts']) != c['score'])
