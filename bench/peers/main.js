/** Reads one request a line on standard input, `{"ask": name, ...}`, and answers each with one line. */
import {createInterface} from 'node:readline';
import {answers} from './answers.js';

// The libraries write to the console as they please: only answers go to standard output.
console.log = console.error;

for await(const line of createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = {answer: await answers[request.ask](request) ?? null};
  } catch(error) {
    answer = {answer: {verified: false, words: `${error.name}: ${error.message}`}};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
