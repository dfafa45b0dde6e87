/**
 * The command line: one class for each command, and what they share.
 *
 * <p>Results go to stdout, notices and errors to stderr. An option says itself what values it takes, so that a wrong one is
 * refused the same way everywhere, before anything is read or written.
 */
package lanewise.trainer.cli;
