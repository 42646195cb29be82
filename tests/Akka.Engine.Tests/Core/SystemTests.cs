using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Engine.Tests.Core;

public class SystemTests : ActorSystemTest
{
    [Fact]
    public void An_extension_is_made_once()
    {
        Assert.False(System.HasExtension<Counting>());
        Assert.Null(System.GetExtension<Counting>());
        var made = System.WithExtension<Counting, CountingId>();
        Assert.Same(made, System.WithExtension<Counting, CountingId>());
        Assert.Same(made, new CountingId().Get(System));
        Assert.Same(made, new CountingId().Apply(System));
        Assert.Same(made, System.GetExtension<Counting>());
        Assert.True(System.HasExtension<Counting>());
        Assert.True(System.TryGetExtension<Counting>(out var found));
        Assert.Same(made, found);
        Assert.Same(System, made.System);
    }

    [Fact]
    public async Task Extensions_of_the_configuration_start_with_the_system()
    {
        using var system = NewSystem($"akka.extensions = [\"{typeof(CountingId).FullName}, Akka.Engine.Tests\"]");
        Assert.True(system.HasExtension<Counting>());
        await system.Terminate();
    }

    [Theory]
    [InlineData("")]
    [InlineData("bad name")]
    [InlineData("-begins-badly")]
    [InlineData("a/b")]
    public void A_name_that_does_not_fit_an_address_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => ActorSystem.Create(name));

    [Theory]
    [InlineData("akka.scheduler.implementation = \"No.Such.Scheduler, Nowhere\"")]
    [InlineData("akka.actor.guardian-supervisor-strategy = \"No.Such.Strategy, Nowhere\"")]
    [InlineData("akka.actor.provider = \"No.Such.Provider, Nowhere\"")]
    [InlineData("akka.loggers = [\"No.Such.Logger, Nowhere\"]")]
    public void A_class_that_does_not_exist_keeps_the_system_from_starting(string hocon) =>
        Assert.ThrowsAny<Exception>(() => NewSystem(hocon));

    [Fact]
    public async Task A_system_is_set_up_in_code()
    {
        var setup = BootstrapSetup.Create()
            .WithConfig("akka.stdout-loglevel = OFF, akka.loglevel = OFF, a = 1")
            .WithConfigFallback("a = 2, b = 3")
            .WithActorRefProvider(ProviderSelection.Local.Instance)
            .And(new Extra("extra"));
        using var system = ActorSystem.Create("coded", setup);
        Assert.Equal(1, system.Settings.Config.GetInt("a"));
        Assert.Equal(3, system.Settings.Config.GetInt("b"));
        Assert.Equal("extra", system.Settings.Setup.Get<Extra>().Value.Text);
        Assert.True(ActorSystemSetup.Empty.Get<Extra>().IsEmpty);
        await system.Terminate();
    }

    [Fact]
    public async Task Two_systems_know_nothing_of_each_other()
    {
        using var other = NewSystem();
        var actor = System.ActorOf(Props.Empty, "same");
        var twin = other.ActorOf(Props.Empty, "same");
        Assert.NotEqual(actor, twin);
        await other.Terminate().WaitAsync(Patience);
        Assert.False(System.WhenTerminated.IsCompleted);
        await Handled(actor);
    }

    [Fact]
    public async Task The_scheduler_tells_later_and_can_be_called_off()
    {
        using var system = NewSystem(ManualScheduler.Hocon);
        var time = (ManualScheduler)system.Scheduler;
        var probe = new Probe(system);
        system.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(2), probe.Ref, "once", ActorRefs.NoSender);
        var off = system.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, TimeSpan.FromSeconds(5), probe.Ref,
            "again", ActorRefs.NoSender);
        time.Advance(TimeSpan.FromSeconds(6));
        await probe.Expect("again", "once", "again");
        off.Cancel();
        time.Advance(TimeSpan.FromMinutes(1));
        await probe.ExpectNothingMore();
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(66), system.Scheduler.Now);
        await system.Terminate();
    }

    [Fact]
    public async Task The_real_scheduler_tells_and_repeats_until_it_is_called_off()
    {
        var probe = NewProbe();
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(1), probe.Ref, "told", ActorRefs.NoSender);
        await probe.Expect("told");
        var runs = 0;
        var cancel = new Cancelable(System.Scheduler);
        var third = new TaskCompletionSource();
        System.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), () =>
        {
            if (++runs < 3)
                return;
            cancel.Cancel();
            third.SetResult();
        }, cancel);
        await third.Task.WaitAsync(Patience);
        var later = new TaskCompletionSource();
        System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(20), later.SetResult);
        await later.Task.WaitAsync(Patience);
        Assert.Equal(3, runs);
    }

    [Fact]
    public void The_scheduler_refuses_what_cannot_be()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            System.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(-1), ActorRefs.Nobody, "m", ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            System.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero, ActorRefs.Nobody, "m",
            ActorRefs.NoSender));
    }

    [Fact]
    public async Task Many_timers_that_are_set_and_called_off_leave_nothing_behind()
    {
        var probe = NewProbe();
        for (var i = 0; i < 100_000; i++)
            System.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromHours(1), probe.Ref, i,
                ActorRefs.NoSender).Cancel();
        System.Scheduler.ScheduleTellOnce(TimeSpan.Zero, probe.Ref, "now", ActorRefs.NoSender);
        await probe.Expect("now");
    }

    public sealed class Counting(ActorSystem system) : IExtension
    {
        public ActorSystem System { get; } = system;
    }

    public sealed class CountingId : ExtensionIdProvider<Counting>
    {
        public override Counting CreateExtension(ExtendedActorSystem system) => new(system);
    }

    sealed class Extra(string text) : Setup
    {
        public string Text { get; } = text;
    }
}
