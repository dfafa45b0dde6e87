package lanewise.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Checks the one line and the exit code of a failure. */
public final class Refusal {
    private Refusal() {}

    /** The call fails with this exit code and exactly this line. */
    public static void assertRefused(ThrowingCallable call, ExitCode exitCode, String line) {
        LanewiseException e = refused(call);
        assertThat(e).hasMessage(line);
        assertThat(e.exitCode()).isEqualTo(exitCode);
    }

    /** The call fails with a line for the user, whatever it says. */
    public static LanewiseException refused(ThrowingCallable call) {
        LanewiseException e = catchThrowableOfType(LanewiseException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n", "\u001b");
        return e;
    }
}
