using Akka.Discovery;

namespace Akka.Engine.Tests.Discovery;

/// <summary>What is looked for.</summary>
public class LookupTests
{
    [Theory]
    [InlineData("_remoting._tcp.orders.local", "orders.local", "remoting", "tcp")]
    [InlineData("_a._b.c", "c", "a", "b")]
    [InlineData("_port.name._tcp.x-1.Y2", "x-1.Y2", "port.name", "tcp")]
    public void A_service_record_names_port_protocol_and_service(string srv, string service, string port, string protocol)
    {
        Assert.True(Lookup.IsValid(srv));
        Assert.Equal(new Lookup(service, port, protocol), Lookup.ParseSrv(srv));
    }

    [Theory]
    [InlineData("")]
    [InlineData("orders.local")]
    [InlineData("port.tcp.orders.local")]
    [InlineData("_port.orders")]
    [InlineData("_port._tcp")]
    [InlineData("_port._tcp.")]
    [InlineData("_._tcp.orders")]
    [InlineData("_port._.orders")]
    [InlineData("_port._tcp..orders")]
    [InlineData("_port._tcp.orders.")]
    [InlineData("_port._tcp.1orders")]
    [InlineData("_port._tcp.-orders")]
    [InlineData("_port._tcp.orders-")]
    [InlineData("_port._tcp.or_ders")]
    [InlineData("_port._tcp.orders.#")]
    [InlineData("_port._tcp.a123456789012345678901234567890123456789012345678901234567890123")]
    public void Anything_else_is_refused(string srv)
    {
        Assert.False(Lookup.IsValid(srv));
        Assert.Throws<ArgumentException>(() => Lookup.ParseSrv(srv));
    }

    [Fact]
    public void Null_is_no_service()
    {
        Assert.False(Lookup.IsValid(null!));
        Assert.Throws<ArgumentNullException>(() => Lookup.ParseSrv(null!));
        Assert.Throws<ArgumentNullException>(() => new Lookup(""));
    }

    [Fact]
    public void Look_ups_and_answers_are_equal_by_what_they_say()
    {
        var lookup = new Lookup("orders").WithPortName("http").WithProtocol("tcp");
        Assert.Equal(new Lookup("orders", "http", "tcp"), lookup);
        Assert.Equal(new Lookup("orders", "http", "tcp").GetHashCode(), lookup.GetHashCode());
        Assert.NotEqual(new Lookup("orders", "http"), lookup);
        Assert.Equal("Lookup(orders, http, tcp)", lookup.ToString());
        var answer = new ServiceDiscovery.Resolved("orders", [new("h1", 80), new("h2")]);
        Assert.Equal(new ServiceDiscovery.Resolved("orders", [new("h1", 80), new("h2")]), answer);
        Assert.NotEqual(new ServiceDiscovery.Resolved("orders", [new("h2"), new("h1", 80)]), answer);
        Assert.Equal("Resolved(orders, ResolvedTarget(h1, 80, ), ResolvedTarget(h2, , ))", answer.ToString());
        Assert.Empty(new ServiceDiscovery.Resolved("orders", null).Addresses);
    }
}
