using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;
using Akka.Discovery.Config;
using Akka.Event;
using Target = Akka.Discovery.ServiceDiscovery.ResolvedTarget;

namespace Akka.Engine.Tests.Discovery;

/// <summary>Discovery methods, as the configuration names them.</summary>
public class DiscoveryTests : Akka.TestKit.Xunit2.TestKit
{
    private const string Methods = """
        akka.discovery {
          stub { class = "Akka.Engine.Tests.Discovery.DiscoveryTests+Stub, Akka.Engine.Tests", answer = found }
          with-system.class = "Akka.Engine.Tests.Discovery.DiscoveryTests+WithSystem, Akka.Engine.Tests"
          bare.class = "Akka.Engine.Tests.Discovery.DiscoveryTests+Bare, Akka.Engine.Tests"
          failing.class = "Akka.Engine.Tests.Discovery.DiscoveryTests+Failing, Akka.Engine.Tests"
          no-method.class = "Akka.Engine.Tests.Discovery.DiscoveryTests, Akka.Engine.Tests"
          nowhere.class = "No.Such.Class, Akka.Engine.Tests"
          no-class.color = red
          aggregate.discovery-methods = [bare, stub, config]
          config.services {
            orders { endpoints = ["h1:80", "h2"] }
            sick { endpoints = ["from-config:1"] }
            none { endpoints = [] }
          }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public DiscoveryTests() : base(Methods)
    {
    }

    private Akka.Discovery.Discovery Discovery => Akka.Discovery.Discovery.Get(Sys);

    public sealed class Stub(ExtendedActorSystem system, Config config) : ServiceDiscovery
    {
        public ActorSystem System => system;

        public override Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout) => lookup.ServiceName switch
        {
            "stubbed" => Task.FromResult(new Resolved("stubbed", [new Target(config.GetString("answer"), 1)])),
            "sick" => throw new InvalidOperationException("sick"),
            _ => Task.FromResult(new Resolved(lookup.ServiceName)),
        };
    }

    public sealed class WithSystem(ExtendedActorSystem system) : ServiceDiscovery
    {
        public ActorSystem System => system;

        public override Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout) => throw new NotSupportedException();
    }

    public sealed class Bare : ServiceDiscovery
    {
        public override Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout) =>
            Task.FromResult(new Resolved(lookup.ServiceName, null));
    }

    public sealed class Failing : ServiceDiscovery
    {
        public Failing() => throw new InvalidOperationException("failing");

        public override Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout) => throw new NotSupportedException();
    }

    [Fact]
    public void A_method_is_of_the_class_that_its_section_names_and_made_once()
    {
        Assert.Same(Sys, Assert.IsType<Stub>(Discovery.LoadServiceDiscovery("stub")).System);
        Assert.Same(Sys, Assert.IsType<WithSystem>(Discovery.LoadServiceDiscovery("with-system")).System);
        Assert.IsType<Bare>(Discovery.LoadServiceDiscovery("bare"));
        Assert.Same(Discovery.LoadServiceDiscovery("stub"), Discovery.LoadServiceDiscovery("stub"));
        Assert.Same(Discovery, new DiscoveryProvider().Get(Sys));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("no-class")]
    [InlineData("no-method")]
    [InlineData("nowhere")]
    public void A_section_that_is_not_there_or_names_no_method_is_refused(string method) =>
        Assert.Throws<ArgumentException>(() => Discovery.LoadServiceDiscovery(method));

    [Fact]
    public void A_constructor_that_fails_is_told_with_its_reason()
    {
        var failure = Assert.Throws<TargetInvocationException>(() => Discovery.LoadServiceDiscovery("failing"));
        Assert.Equal("failing", Assert.IsType<InvalidOperationException>(failure.InnerException).Message);
    }

    [Fact]
    public async Task The_default_method_is_the_configured_one()
    {
        var system = ActorSystem.Create(
            "other", ConfigurationFactory.ParseString("akka.discovery.method = bare").WithFallback(Methods));
        var discovery = Akka.Discovery.Discovery.Get(system);
        Assert.IsType<Bare>(discovery.Default);
        Assert.Same(discovery.LoadServiceDiscovery("bare"), discovery.Default);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public void Without_a_default_method_it_is_the_configuration_which_is_warned_of()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        Assert.IsType<ConfigServiceDiscovery>(Discovery.Default);
        FishForMessage<Warning>(warning =>
            $"{warning.Message}".StartsWith(
                "No default service discovery implementation configured in `akka.discovery.method`",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_configuration_lists_services_with_hosts_and_ports()
    {
        var method = Discovery.LoadServiceDiscovery("config");
        var found = await method.Lookup("orders", Patience);
        Assert.Equal("orders", found.ServiceName);
        Assert.Equal([new Target("h1", 80), new Target("h2")], found.Addresses);
        Assert.Equal(found, await method.Lookup(new Lookup("orders", "http", "tcp"), Patience));
        Assert.Empty((await method.Lookup("none", Patience)).Addresses);
        var unknown = await method.Lookup("unknown", Patience);
        Assert.Equal("unknown", unknown.ServiceName);
        Assert.Empty(unknown.Addresses);
    }

    [Fact]
    public async Task What_the_configuration_lists_can_be_changed_later()
    {
        var method = (ConfigServiceDiscovery)Discovery.LoadServiceDiscovery("config");
        Assert.True(method.TryAddEndpoint("orders", new Target("h3", 3)));
        Assert.False(method.TryAddEndpoint("orders", new Target("h3", 3)));
        Assert.True(method.TryRemoveEndpoint("orders", new Target("h1", 80)));
        Assert.False(method.TryRemoveEndpoint("orders", new Target("h1", 80)));
        Assert.Equal([new Target("h2"), new Target("h3", 3)], (await method.Lookup("orders", Patience)).Addresses);
        Assert.True(method.TryAddEndpoint("new", new Target("h4")));
        Assert.Equal([new Target("h4")], (await method.Lookup("new", Patience)).Addresses);
        Assert.False(method.TryRemoveEndpoint("never", new Target("h4")));
    }

    [Fact]
    public async Task The_first_of_several_methods_that_finds_something_counts_and_one_that_fails_is_passed_over()
    {
        var method = Discovery.LoadServiceDiscovery("aggregate");
        Assert.Equal([new Target("found", 1)], (await method.Lookup("stubbed", Patience)).Addresses);
        Assert.Equal([new Target("h1", 80), new Target("h2")], (await method.Lookup("orders", Patience)).Addresses);
        Assert.Equal([new Target("from-config", 1)], (await method.Lookup("sick", Patience)).Addresses);
        Assert.Empty((await method.Lookup("unknown", Patience)).Addresses);
    }
}
