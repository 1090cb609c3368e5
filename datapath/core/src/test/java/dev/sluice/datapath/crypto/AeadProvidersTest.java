package dev.sluice.datapath.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AeadProvidersTest {
    @Test
    void shouldReachTheIntrinsicsWithTheFlagsOfTheLauncher() {
        assertThat(JdkIntrinsics.MISSING).isEmpty();
        assertThat(AeadProviders.available()).hasSize(4).doesNotHaveDuplicates().startsWith(AeadProviders.preferred());
    }

    @Test
    void shouldChooseAfterWarmingUp() {
        AtomicLong clock = new AtomicLong();
        AeadProviders.Choice choice = AeadProviders.warmUp(() -> clock.addAndGet(1_000_000));

        assertThat(choice.provider()).isInstanceOf(IntrinsicAeadProvider.class);
        assertThat(choice.reason())
                .isEqualTo("JDK intrinsics with own Poly1305: for 1280 bytes JDK intrinsics with own Poly1305 5000 ns,"
                        + " JDK intrinsics 5000 ns");
        assertThat(AeadProviders.choice()).isEqualTo(choice);
    }

    @Test
    void shouldFindAProviderByItsWord() {
        assertThat(AeadProviders.find("jdk-intrinsics")).map(AeadProvider::name).contains("JDK intrinsics");
        assertThat(AeadProviders.find("SunJCE")).map(AeadProvider::name).contains("SunJCE");
        assertThat(AeadProviders.find("rot13")).isEmpty();
    }

    @Test
    void shouldNoticeWrongAnswers() {
        AeadProvider wrong = new AeadProvider() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public Aead create(byte[] key) {
                return new JdkAeadProvider().create(new byte[Aead.KEY_LENGTH]);
            }
        };

        assertThat(AeadTrial.agree(wrong, new JdkAeadProvider(), 2)).isFalse();
        assertThat(AeadTrial.agree(new BouncyCastleAeadProvider(), new JdkAeadProvider(), 200))
                .isTrue();
    }
}
