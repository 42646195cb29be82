using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Protocol;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 12, read-only mode: when it begins and ends.</summary>
public class ReadOnlyModeTests : PeerTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Fact]
    public void Clients_may_read_when_the_server_has_looked_for_a_leader_for_long_enough()
    {
        StartReadOnly();
        Time.Advance(Patience - TimeSpan.FromMilliseconds(1));
        ExpectNothing(Sessions, Replica);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        var changed = new ServingChanged(ServerRole.Looking, 0, 0, false) { ReadOnly = true };
        Assert.Equal(changed, Sessions.ExpectMsg<ServingChanged>());
        Assert.Equal(changed, Replica.ExpectMsg<ServingChanged>());
        Assert.Equal((true, false), (Status().ReadOnly, Status().Serving));
    }

    [Fact]
    public void They_are_let_go_before_anything_else_when_a_leader_is_found()
    {
        StartReadOnly();
        Time.Advance(Patience);
        Sessions.ExpectMsg<ServingChanged>();
        Replica.ExpectMsg<ServingChanged>();

        Vote(2, new Vote(3, 0, 0));
        Vote(3, new Vote(3, 0, 0));

        var changed = Sessions.ExpectMsg<ServingChanged>();
        Assert.Equal((false, false), (changed.Serving, changed.ReadOnly));
        Assert.Equal(changed, Replica.ExpectMsg<ServingChanged>());
        Assert.Equal((ServerRole.Following, false), (Status().Role, Status().ReadOnly));
    }

    [Fact]
    public void A_server_that_finds_a_leader_in_time_never_begins()
    {
        StartReadOnly();
        Vote(2, new Vote(3, 0, 0));
        Vote(3, new Vote(3, 0, 0));
        Time.Advance(Patience);
        ExpectNothing(Sessions, Replica);
        Assert.False(Status().ReadOnly);
    }

    [Fact]
    public void It_is_off_unless_it_is_set()
    {
        Start(1);
        Time.Advance(TimeSpan.FromHours(1));
        ExpectNothing(Sessions, Replica);
    }

    private void StartReadOnly()
    {
        Settings = Settings with { ReadOnlyAfter = Patience };
        Start(1);
    }
}
