using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Networks;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Mutations;

/// <summary>
/// Adds messages to links and takes some away, and numbers the others so that nobody can tell: what the receiver of a
/// link counts as next is what the sender has sent, and what was added, without what was taken away.
/// </summary>
internal sealed class LinkForgery(World world)
{
    private readonly Dictionary<(long Link, int To), (long Next, long Shift)> links = [];

    /// <summary>A message arrives: with the number that its receiver expects of it.</summary>
    public Wire Pass(Wire wire, LinkMessage message)
    {
        var key = (message.Link, wire.To.Id);
        var (next, shift) = links.GetValueOrDefault(key, (1, 0));
        var number = message.Number + shift;
        if (number == next)
            links[key] = (next + 1, shift);
        return shift == 0 ? wire : wire with { Message = message with { Number = number } };
    }

    /// <summary>A message does not arrive.</summary>
    public void Swallow(Wire wire, LinkMessage message)
    {
        var key = (message.Link, wire.To.Id);
        var (next, shift) = links.GetValueOrDefault(key, (1, 0));
        links[key] = (next, shift - 1);
    }

    /// <summary>A message arrives that nobody has sent.</summary>
    public void Forge(Server from, Server to, Func<long, LinkMessage> make, long link)
    {
        var key = (link, to.Id);
        var (next, shift) = links.GetValueOrDefault(key, (1, 0));
        links[key] = (next + 1, shift + 1);
        world.Network.Tell(new Wire(from, from.Life, to, to.Life, make(next)));
    }
}
