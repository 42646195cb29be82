using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Engine.Tests.Coordination;

/// <summary>Leases, as the configuration names them.</summary>
public class LeaseProviderTests : Akka.TestKit.Xunit2.TestKit
{
    private const string Leases = """
        mine {
          lease-class = "Akka.Engine.Tests.Coordination.LeaseProviderTests+MyLease, Akka.Engine.Tests"
          heartbeat-timeout = 20s
          heartbeat-interval = 2s
          color = red
        }
        without-system.lease-class = "Akka.Engine.Tests.Coordination.LeaseProviderTests+Simple, Akka.Engine.Tests"
        without-class.color = red
        hasty { lease-class = ${mine.lease-class}, heartbeat-timeout = 20s, heartbeat-interval = 10s }
        """;

    public LeaseProviderTests() : base(Leases)
    {
    }

    public sealed class MyLease(LeaseSettings settings, ExtendedActorSystem system) : Lease(settings)
    {
        public ExtendedActorSystem System => system;

        public override Task<bool> Acquire() => Task.FromResult(true);

        public override Task<bool> Acquire(Action<Exception> leaseLostCallback) => Acquire();

        public override Task<bool> Release() => Task.FromResult(true);

        public override bool CheckLease() => false;
    }

    public sealed class Simple(LeaseSettings settings) : Lease(settings)
    {
        public override Task<bool> Acquire() => Task.FromResult(true);

        public override Task<bool> Acquire(Action<Exception> leaseLostCallback) => Acquire();

        public override Task<bool> Release() => Task.FromResult(true);

        public override bool CheckLease() => true;
    }

    [Fact]
    public void A_lease_is_of_the_class_that_its_section_names_with_the_defaults_for_what_it_does_not_say()
    {
        var lease = Assert.IsType<MyLease>(LeaseProvider.Get(Sys).GetLease("shard-1", "mine", "me"));
        Assert.Same(Sys, lease.System);
        Assert.Equal(("shard-1", "me"), (lease.Settings.LeaseName, lease.Settings.OwnerName));
        Assert.Equal("red", lease.Settings.LeaseConfig.GetString("color"));
        var times = lease.Settings.TimeoutSettings;
        Assert.Equal(TimeSpan.FromSeconds(20), times.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2), times.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), times.OperationTimeout);
        Assert.IsType<Simple>(LeaseProvider.Get(Sys).GetLease("shard-1", "without-system", "me"));
    }

    [Fact]
    public void The_same_name_section_and_owner_have_the_same_lease()
    {
        var provider = LeaseProvider.Get(Sys);
        Assert.Same(provider.GetLease("a", "mine", "me"), provider.GetLease("a", "mine", "me"));
        Assert.NotSame(provider.GetLease("a", "mine", "me"), provider.GetLease("a", "mine", "you"));
        Assert.NotSame(provider.GetLease("a", "mine", "me"), provider.GetLease("b", "mine", "me"));
    }

    [Fact]
    public void A_section_without_a_class_or_with_times_that_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(() => LeaseProvider.Get(Sys).GetLease("a", "without-class", "me"));
        Assert.Throws<ArgumentException>(() => LeaseProvider.Get(Sys).GetLease("a", "hasty", "me"));
    }

    [Fact]
    public void Settings_are_changed_by_making_new_ones()
    {
        var times = new TimeoutSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        var settings = new LeaseSettings("a", "me", times, Config.Empty);
        var changed = settings.WithTimeoutSettings(times
            .WithHeartbeatInterval(TimeSpan.FromSeconds(2)).WithHeartbeatTimeout(TimeSpan.FromSeconds(7))
            .withOperationTimeout(TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromSeconds(1), settings.TimeoutSettings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(2), changed.TimeoutSettings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(7), changed.TimeoutSettings.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(9), changed.TimeoutSettings.OperationTimeout);
        Assert.Equal("my-lease", new LeaseUsageSettings("my-lease", TimeSpan.FromSeconds(1)).LeaseImplementation);
    }
}
