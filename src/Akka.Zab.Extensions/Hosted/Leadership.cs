using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Extensions;

/// <summary>The lead of one scope.</summary>
internal sealed class Leadership : ILeadership
{
    public Hold? Lead { get; set; }

    public long FencingToken => Held.FencingToken;

    public CancellationToken Lost => Held.Lost;

    private Hold Held => Lead ?? throw new InvalidOperationException(
        "There is a lead only within a service that AddLeaderService has registered, and in the scope made for it.");
}
