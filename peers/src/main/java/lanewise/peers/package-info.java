/** Libraries that do what Lanewise does, each used as its own documentation shows, with its arrays set up beforehand. */
package lanewise.peers;
