// The same questions in SQL: DuckDB in this process with one thread, SQLite by python3's own.
import { DuckDBInstance } from '@duckdb/node-api';
import { writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

const reached = `status IN ('selected','in_post','completed','exited') AND selected_on <= '2018-12-31'`;
const distinct = (columns, from = 'participation', where = reached) =>
  `SELECT ${columns}, COUNT(DISTINCT subject) FROM ${from} WHERE ${where} GROUP BY ${columns}`;
const year = `substr(selected_on, 1, 4)`;
const tree = `participation JOIN above ON above.code = participation.program`;
const questions = {
  pivot_program: distinct('program'),
  pivot_program_tree: distinct('above.up', tree),
  pivot_region_year: distinct(`region, ${year}`),
  pivot_program_region_year: distinct(`program, region, ${year}`),
  pivot_four: distinct(`substr(participation.region, 1, 4), ${year}, substr(person.industry, 1, 2), participation.status`,
    'participation JOIN person ON person.id = participation.subject', 'participation.' + reached),
  pivot_month: distinct(`substr(selected_on, 1, 7)`),
  pivot_filtered: distinct('region', tree, `${reached} AND above.up = 'P109' AND ${year} = '2017'`),
  pivot_funds: `SELECT program, type, SUM(amount_fen) FROM fund_entry WHERE paid_on <= '2018-12-31' GROUP BY program, type`,
};
const tables = {
  program: 'code VARCHAR, parent VARCHAR',
  person: 'id BIGINT, region VARCHAR, industry VARCHAR, discipline VARCHAR, status VARCHAR',
  participation: 'id BIGINT, program VARCHAR, subject BIGINT, region VARCHAR, status VARCHAR, selected_on VARCHAR',
  fund_entry: 'id BIGINT, program VARCHAR, region VARCHAR, type VARCHAR, amount_fen BIGINT, paid_on VARCHAR',
};
const above = `SELECT code, code AS up FROM program UNION ALL SELECT code, parent FROM program WHERE parent <> ''`;

// Milliseconds on the processor, as the engine is timed.
const cpu = () => {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1000;
};
const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
for (const [table, columns] of Object.entries(tables)) {
  await connection.run(`CREATE TABLE ${table} (${columns})`);
  await connection.run(`COPY ${table} FROM '${table}.csv' (HEADER, NULLSTR 'none')`);
}
await connection.run(`CREATE TABLE above AS ${above.replace("parent <> ''", "parent IS NOT NULL AND parent <> ''")}`);
for (const [name, sql] of Object.entries(questions)) {
  let best = Infinity;
  let rows = 0;
  for (let run = 0; run < 5; ++run) {
    const begin = cpu();
    rows = (await connection.runAndReadAll(sql)).currentRowCount;
    best = Math.min(best, cpu() - begin);
  }
  console.log(`duckdb ${name.padEnd(28)} ${best.toFixed(2).padStart(9)} ms  ${rows} rows`);
}

writeFileSync('peers.json', JSON.stringify({ questions, above }));
const python = `
import csv, json, sqlite3, time
peers = json.load(open('peers.json'))
db = sqlite3.connect(':memory:')
for table in ('program', 'person', 'participation', 'fund_entry'):
    rows = csv.reader(open(table + '.csv'))
    head = next(rows)
    db.execute('CREATE TABLE %s (%s)' % (table, ', '.join(c + (' INTEGER' if c in ('id', 'subject', 'amount_fen') else ' TEXT') for c in head)))
    db.executemany('INSERT INTO %s VALUES (%s)' % (table, ','.join('?' * len(head))), rows)
db.execute('CREATE UNIQUE INDEX person_by_id ON person (id)')
db.execute('CREATE TABLE above AS ' + peers['above'])
for name, sql in peers['questions'].items():
    begin = time.process_time()
    rows = len(db.execute(sql).fetchall())
    print('sqlite %-28s %9.2f ms  %d rows' % (name, (time.process_time() - begin) * 1e3, rows), flush=True)
`;
execFileSync('python3', ['-c', python], { stdio: 'inherit' });
