package lanewise.benchmarks.check;

import lanewise.benchmarks.race.Work;

/**
 * What one JVM found out about a piece of work, as it tells it in a line.
 *
 * @param work what was done
 * @param backend the backend that did it
 * @param rulers how fast it is, in runs of the ruler: the ruler's time over its own
 * @param disturbed the share of the rounds in which something else had the core
 * @param bytes what a run allocates
 */
record Sample(Work work, String backend, double rulers, double disturbed, double bytes) {
    static Sample parse(String line) {
        String[] parts = line.split("\t");
        return new Sample(
                Work.parse(parts[0]),
                parts[1],
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]));
    }

    @Override
    public String toString() {
        return work + "\t" + backend + "\t" + rulers + "\t" + disturbed + "\t" + bytes;
    }
}
