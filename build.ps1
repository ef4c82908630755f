# Starts the front; builds it first when a source is newer than it.
# No param() block: it would bind words such as -Namespace by prefix, and they are the front's.

$ErrorActionPreference = "Stop"
$ScriptDir = Split-Path -Parent $MyInvocation.MyCommand.Path

###########################################################################
# CONFIGURATION
###########################################################################

$BuildProjectFile = Join-Path $ScriptDir "build/_build.csproj"
$TempDirectory = Join-Path $ScriptDir ".nuke/temp"
$OutputDirectory = Join-Path $ScriptDir "artifacts/bin/_build/release"
$DotNetInstallUrl = "https://dot.net/v1/dotnet-install.ps1"

###########################################################################
# EXECUTION
###########################################################################

$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
$env:DOTNET_NOLOGO = 1
$env:DOTNET_SKIP_FIRST_TIME_EXPERIENCE = 1
# As build.sh says: what profile-guided recompilation costs is more than short-lived processes win back.
$env:DOTNET_TieredPGO = 0
$Program = Join-Path $OutputDirectory "faultmatrix.dll"
$Stamp = Join-Path $OutputDirectory ".built"

function Test-Fresh {
  if (-not ((Test-Path $Stamp) -and (Test-Path $Program))) { return $false }
  $built = (Get-Item -Force $Stamp).LastWriteTimeUtc
  $folders = "src", "build", "eng" | ForEach-Object { Join-Path $ScriptDir $_ } | Where-Object { Test-Path $_ }
  # A folder's own time tells of a file that was deleted. Only what is below this folder decides: it may lie in a folder named bin.
  $sources = @(Get-Item -Force $folders) + @(Get-ChildItem -Recurse -Force $folders |
    Where-Object { $_.FullName.Substring($ScriptDir.Length) -notmatch '[\\/](bin|obj|artifacts|build[\\/]nuke)([\\/]|$)' })
  $sources += @(Get-ChildItem (Join-Path $ScriptDir "Directory.*")) + @(Get-Item (Join-Path $ScriptDir "global.json"))
  return -not ($sources | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}

function Find-DotNet {
  $own = Join-Path $TempDirectory "dotnet/dotnet"
  $candidates = @()
  if ($env:DOTNET_ROOT) { $candidates += (Join-Path $env:DOTNET_ROOT "dotnet") }
  $onPath = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($onPath) { $candidates += $onPath.Source }
  $candidates += $own
  Push-Location $ScriptDir
  try {
    foreach ($candidate in $candidates) {
      if (Get-Command $candidate -ErrorAction SilentlyContinue) {
        & $candidate --version *> $null
        if ($LASTEXITCODE -eq 0) { return $candidate }
      }
    }
  } finally { Pop-Location }
  [Console]::Error.WriteLine("No .NET SDK as global.json names it was found; fetching one into .nuke/temp/dotnet.")
  New-Item -ItemType Directory -Force $TempDirectory > $null
  $installer = Join-Path $TempDirectory "dotnet-install.ps1"
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  (New-Object System.Net.WebClient).DownloadFile($DotNetInstallUrl, $installer)
  & $installer -JsonFile (Join-Path $ScriptDir "global.json") -InstallDir (Join-Path $TempDirectory "dotnet") -NoPath | Out-Host
  return $own
}

if (-not (Test-Fresh)) {
  New-Item -ItemType Directory -Force $TempDirectory, $OutputDirectory > $null
  $lock = $null
  while (-not $lock) {
    try { $lock = [IO.File]::Open((Join-Path $TempDirectory "build.lock"), "OpenOrCreate", "ReadWrite", "None") }
    catch [IO.IOException] { Start-Sleep -Milliseconds 200 }
  }
  try {
    if (-not (Test-Fresh)) {
      $DotNet = Find-DotNet
      [Console]::Error.WriteLine("Building FaultMatrix (a source is newer than the program) ...")
      Set-Content -Path "$Stamp.new" -Value $DotNet
      $log = & $DotNet build $BuildProjectFile -c Release -nologo -v:q -nodeReuse:false --tl:off
      if ($LASTEXITCODE -ne 0) { $code = $LASTEXITCODE; $log | Out-Host; exit $code }
      Move-Item -Force "$Stamp.new" $Stamp
    }
  } finally { $lock.Dispose() }
}

$words = $args
$version = $PSVersionTable.PSVersion
if ($IsLinux -or $IsMacOS) {
  # There PowerShell takes a word with a wildcard for a pattern of files, however it was quoted, so the words go round the command line.
  $env:FAULTMATRIX_WORDS = ConvertTo-Json -Compress -InputObject @($args | ForEach-Object { "$_" -replace '^~(?=$|/)', $HOME })
  $words = @("--words-of-the-environment")
} elseif ($version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 3)) {
  # Before 7.3, it loses quotes and empty words on the way to a program unless they are escaped for it.
  $words = @($args | ForEach-Object { if ("$_" -eq "") { '""' } else { "$_" -replace '(\\*)"', '$1$1\"' -replace '(?<= .*)(\\+)$', '$1$1' } })
}
$done = $false
try {
  & (Get-Content $Stamp | Select-Object -First 1) exec $Program @words
  $done = $true
} finally {
  # A session that goes on must not keep what may hold a secret.
  $env:FAULTMATRIX_WORDS = $null
  # Ctrl+C ends this script here, while the program still cleans up. A host that lives for the script alone would then say 0.
  if (-not $done -and ([Environment]::GetCommandLineArgs() -match '^[-/](f|file|c|command|e|ec|encodedcommand)$')) { $host.SetShouldExit(130) }
}
exit $LASTEXITCODE
