using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Engine.Tests.Remote.Bundled;

/// <summary>What goes first on a connection that is slower than its users.</summary>
public class PriorityTests
{
    const int Bulk = 100;

    [Fact]
    public async Task A_heartbeat_overtakes_the_bulk_that_waits()
    {
        using var toB = new BrokenLine();
        await using var a = new Node("a");
        await using var b = new Node("b", toB.Config(BrokenLine.FreePort()));
        var arrived = b.NewInbox("inbox");
        var inbox = await a.FindAsync(b, "/user/inbox");
        toB.Hold();
        for (var i = 1; i <= Bulk; i++) inbox.Tell(new Note(i, "", new byte[1 << 20]), ActorRefs.NoSender);
        inbox.Tell(new Urgent(), ActorRefs.NoSender);
        toB.Release();
        await arrived.ExpectAsync<Urgent>();
        // Only what the sockets had taken already went before it; the rest comes behind it, whole and in order.
        var next = (await arrived.ExpectAsync<Note>()).Number;
        Assert.InRange(next, 1, Bulk / 2);
        while (next < Bulk) Assert.Equal(++next, (await arrived.ExpectAsync<Note>()).Number);
    }

    internal sealed record Urgent : IWire, IPriorityMessage;
}
