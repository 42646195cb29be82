using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Protocol;

/// <summary>A configuration in ZooKeeper's format.</summary>
public class EnsembleTextTests
{
    [Fact]
    public void It_is_written_as_ZooKeeper_writes_it()
    {
        Member[] members =
        [
            new Member(10, MemberRole.Observer) { Host = "c", Port = 1, ElectionPort = 2 },
            new Member(2, MemberRole.Participant) { Host = "b", Port = 4051, ElectionPort = 3888, Client = "b:2181" },
        ];

        Assert.Equal(
            "server.2=b:4051:3888:participant;b:2181\nserver.10=c:1:2:observer\nversion=100000001",
            EnsembleText.Of(members, 0x100000001));
    }

    [Theory]
    [InlineData("server.1=a:1:2:participant;0.0.0.0:3\nversion=0")]
    [InlineData("server.1=[::1]:1:2:participant;[::1]:3\nserver.2=b:1:2:observer\nversion=ffffffffff")]
    [InlineData(
        "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:observer\n"
        + "group.1=1\ngroup.2=2\nweight.1=1\nweight.2=0\nversion=100000001")]
    public void What_is_written_is_read_again(string text)
    {
        Assert.True(EnsembleText.TryParse(text, out var ensemble));
        Assert.Equal(text, EnsembleText.Of(ensemble.Members, ensemble.Version));
    }

    [Theory]
    [InlineData("server.1=a:1:2", "a:1:2:participant")]
    [InlineData("server.1=a:1:2;2181", "a:1:2:participant;0.0.0.0:2181")]
    [InlineData("server.1=a:1:2:OBSERVER;b:2181;b:2281", "a:1:2:observer;b:2181")]
    [InlineData(" server.1 = a:1:2 ", "a:1:2:participant")]
    public void What_an_operator_may_leave_out_is_filled_in(string text, string spec)
    {
        Assert.True(EnsembleText.TryParseServer(text.Trim(), out var member) || EnsembleText.TryParseServer(
            text.Replace(" ", "", StringComparison.Ordinal), out member));
        Assert.Equal(spec, EnsembleText.Spec(member!));
    }

    [Fact]
    public void Weights_without_groups_are_one_group()
    {
        var text = EnsembleText.Of([new(1, MemberRole.Participant) { Host = "a", Port = 1, ElectionPort = 2, Weight = 3 }], 0);

        Assert.Equal("server.1=a:1:2:participant\ngroup.1=1\nweight.1=3\nversion=0", text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("version=1")]
    [InlineData("server.1=a:1:2:observer")]
    [InlineData("server.1=a:1")]
    [InlineData("server.1=a:1:2:boss")]
    [InlineData("server.1=a:1:2:participant:x")]
    [InlineData("server.1=a:0:2")]
    [InlineData("server.1=a:1:70000")]
    [InlineData("server.1=:1:2")]
    [InlineData("server.1=a:1:2;")]
    [InlineData("server.0=a:1:2")]
    [InlineData("server.256=a:1:2")]
    [InlineData("server.one=a:1:2")]
    [InlineData("server=a:1:2")]
    [InlineData("server.1=a|b:1:2")]
    [InlineData("server.1=a:1:2\nserver.1=b:1:2")]
    [InlineData("server.1=a:1:2\nserver.2=a:1:3")]
    [InlineData("server.1=a:1:2;h:5\nserver.2=b:1:2;h:5")]
    [InlineData("server.1=a:1:2\nnonsense")]
    [InlineData("server.1=a:1:2\ngroup.1=2")]
    [InlineData("server.1=a:1:2\nweight.1=-1")]
    [InlineData("server.1=a:1:2\nweight.1=0")]
    [InlineData("server.1=a:1:2\nserver.2=b:1:2\ngroup.1=1")]
    [InlineData("server.1=a:1:2\nversion=xyz")]
    public void What_makes_no_sense_is_refused(string text) => Assert.False(EnsembleText.TryParse(text, out _));
}
