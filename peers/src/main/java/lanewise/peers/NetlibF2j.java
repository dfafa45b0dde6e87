package lanewise.peers;

import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;

/** The BLAS of dev.ludovic.netlib, the Fortran reference translated to Java. It has no threads. */
public final class NetlibF2j implements Peer {
    @Override
    public String name() {
        return "netlib-f2j";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        boolean can = work.kernel().equals("sgemm") && work.threads() == 1;
        return can ? new Netlib(Netlib.instance("F2jBLAS"), work.shape(), operands) : null;
    }
}
