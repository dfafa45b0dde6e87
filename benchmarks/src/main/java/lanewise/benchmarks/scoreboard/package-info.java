/** The table that {@code mvn -pl benchmarks exec:java} prints: the machine, its ceilings, and a row for each piece of work. */
package lanewise.benchmarks.scoreboard;
