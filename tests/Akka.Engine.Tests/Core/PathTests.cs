using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class PathTests : ActorSystemTest
{
    [Theory]
    [InlineData("akka://sys/user/a", "akka", "sys", null, null)]
    [InlineData("akka.tcp://sys@host:2552/user/a/b", "akka.tcp", "sys", "host", 2552)]
    [InlineData("akka.tcp://sys@127.0.0.1:0/", "akka.tcp", "sys", "127.0.0.1", 0)]
    [InlineData("akka.tcp://sys@[::1]:80/user", "akka.tcp", "sys", "[::1]", 80)]
    public void A_path_is_read_and_written(string text, string protocol, string system, string? host, int? port)
    {
        var path = ActorPath.Parse(text);
        Assert.Equal(protocol, path.Address.Protocol);
        Assert.Equal(system, path.Address.System);
        Assert.Equal(host?.Trim('[', ']'), path.Address.Host?.Trim('[', ']'));
        Assert.Equal(port, path.Address.Port);
        Assert.Equal(text, path.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("/user/a")]
    [InlineData("akka.tcp://sys@host:port/user")]
    public void What_is_no_path_is_refused(string text)
    {
        Assert.False(ActorPath.TryParse(text, out _));
        Assert.Throws<UriFormatException>(() => ActorPath.Parse(text));
    }

    [Fact]
    public void The_uid_is_written_on_demand_and_takes_no_part_in_equality()
    {
        var path = new RootActorPath(new Address("akka", "sys")) / "user" / "a";
        var withUid = path.WithUid(42);
        Assert.Equal("akka://sys/user/a", withUid.ToString());
        Assert.Equal("akka://sys/user/a#42", withUid.ToSerializationFormat());
        Assert.Equal(path, withUid);
        Assert.Equal(path.GetHashCode(), withUid.GetHashCode());
        Assert.Equal(42, ActorPath.Parse("akka://sys/user/a#42").Uid);
        Assert.NotEqual(path, path / "b");
        Assert.NotEqual(path, path.Parent / "b");
    }

    [Fact]
    public void The_parts_of_a_path()
    {
        var path = ActorPath.Parse("akka.tcp://sys@host:1/user/a/b");
        Assert.Equal("b", path.Name);
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal("akka.tcp://sys@host:1/user/a", path.Parent.ToString());
        Assert.Equal("akka.tcp://sys@host:1/", path.Root.ToString());
        Assert.Equal("/user/a/b", path.ToStringWithoutAddress());
        Assert.Equal("akka.tcp://sys@host:1/user/a/b",
            path.ToStringWithAddress(new Address("akka.tcp", "other", "there", 2)));
        Assert.Equal("akka.tcp://other@there:2/user",
            (new RootActorPath(new Address("akka", "sys")) / "user").ToStringWithAddress(new Address("akka.tcp",
            "other", "there", 2)));
    }

    [Fact]
    public void Addresses_compare_by_value()
    {
        Assert.Equal(Address.Parse("akka.tcp://sys@host:1"), new Address("akka.tcp", "sys", "host", 1));
        Assert.NotEqual(Address.Parse("akka.tcp://sys@host:1"), new Address("akka.tcp", "sys", "host", 2));
        Assert.True(new Address("akka", "sys").HasLocalScope);
        Assert.True(new Address("akka.tcp", "sys", "host", 1).HasGlobalScope);
        Assert.Equal("sys@host:1", new Address("akka.tcp", "sys", "host", 1).HostPort());
    }

    [Theory]
    [InlineData("good-name_1.2%20")]
    [InlineData("a+b@c:(d)")]
    public void Names_that_actors_may_have(string name) => Assert.True(ActorPath.IsValidPathElement(name));

    [Theory]
    [InlineData("")]
    [InlineData("$reserved")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a#1")]
    [InlineData("ä")]
    public void Names_that_actors_may_not_have(string name)
    {
        Assert.False(ActorPath.IsValidPathElement(name));
        Assert.Throws<InvalidActorNameException>(() => System.ActorOf(Props.Empty, name));
    }

    [Fact]
    public void A_name_is_given_once()
    {
        System.ActorOf(Props.Empty, "name");
        Assert.Throws<InvalidActorNameException>(() => System.ActorOf(Props.Empty, "name"));
    }

    [Fact]
    public void Actors_without_a_name_get_distinct_ones()
    {
        var names = Enumerable.Range(0, 1000).Select(_ => System.ActorOf(Props.Empty).Path.Name).ToHashSet();
        Assert.Equal(1000, names.Count);
        Assert.All(names, n => Assert.StartsWith("$", n));
    }

    [Fact]
    public void Nobody_swallows_everything()
    {
        ActorRefs.Nobody.Tell("hello", ActorRefs.NoSender);
        Assert.True(ActorRefs.Nobody.IsNobody());
        Assert.True(((IActorRef?)null).IsNobody());
    }
}
