namespace Akka.Zab.Protocol;

/// <summary>
/// Who should lead, and what speaks for it. The better vote has the later epoch, then the longer history, then the
/// greater server id: so every server that has heard the same votes has the same opinion.
/// </summary>
/// <param name="Leader">The proposed leader's id; 0 is nobody's vote.</param>
/// <param name="Zxid">The last transaction in its history.</param>
/// <param name="Epoch">Its current epoch: that of the last leader whose history it holds.</param>
internal readonly record struct Vote(int Leader, long Zxid, int Epoch)
{
    /// <summary>The vote of a server that has none.</summary>
    public static Vote None => default;

    public bool IsBetterThan(in Vote other)
    {
        if (Epoch != other.Epoch)
            return Epoch > other.Epoch;
        if (Zxid != other.Zxid)
            return Zxid > other.Zxid;
        return Leader > other.Leader;
    }
}
