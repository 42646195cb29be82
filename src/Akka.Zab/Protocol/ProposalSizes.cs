namespace Akka.Zab.Protocol;

/// <summary>Sizes of the batches that this server has proposed, in bytes; -1 if it has proposed none.</summary>
internal sealed class ProposalSizes
{
    public long Last { get; private set; } = -1;

    public long Min { get; private set; } = -1;

    public long Max { get; private set; } = -1;

    public void Add(long bytes)
    {
        Last = bytes;
        Min = Min < 0 ? bytes : Math.Min(Min, bytes);
        Max = Math.Max(Max, bytes);
    }
}
