using Akka.Configuration;

namespace Akka.TestKit.Configs;

/// <summary>Configurations for tests.</summary>
public static class TestConfigs
{
    /// <summary>The defaults of the test kit.</summary>
    public static Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <summary>The same in virtual time: the scheduler is a <see cref="TestScheduler"/>.</summary>
    public static Config TestSchedulerConfig =>
        ConfigurationFactory.FromResource<TestKitBase>("Akka.TestKit.Configs.TestScheduler.conf")
            .WithFallback(TestKitBase.DefaultConfig);
}
