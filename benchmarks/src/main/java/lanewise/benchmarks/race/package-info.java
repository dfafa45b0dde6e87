/** Two implementations of the same work against each other, in one JVM, in short blocks that take turns. */
package lanewise.benchmarks.race;
