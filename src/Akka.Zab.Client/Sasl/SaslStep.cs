namespace Akka.Zab.Client.Sasl;

/// <summary>How a login stands after a token of the other side's.</summary>
internal enum SaslState
{
    /// <summary>The other side has to answer.</summary>
    GoesOn,

    /// <summary>It has proved who it is.</summary>
    Done,

    /// <summary>It has not, and never will with this login.</summary>
    Failed,
}

/// <summary>What a login makes of a token of the other side's.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Token">What to send; null for nothing.</param>
/// <param name="Text">When done the user, when failed why, in a sentence that has no secret in it.</param>
internal readonly record struct SaslStep(SaslState State, byte[]? Token, string Text = "")
{
    public static SaslStep GoOn(byte[] token) => new(SaslState.GoesOn, token);

    public static SaslStep Done(byte[]? token, string user) => new(SaslState.Done, token, user);

    public static SaslStep Fail(string why) => new(SaslState.Failed, null, why);
}
