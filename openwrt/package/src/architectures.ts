/**
 * Targets of `npm run build:router`, and the architectures of OpenWrt whose processors run their program. It links no library, so that one
 * program is right for all of a kind. Not among them: ARM before version 7 (arm_xscale, arm_arm1176jzf-s_vfp, ...), MIPS before release 2.
 */
export const ARCHITECTURES: Readonly<Record<string, readonly string[]>> = {
  mips: ['mips_24kc'],
  mipsel: ['mipsel_24kc', 'mipsel_74kc'],
  armv7: [
    'arm_cortex-a5_vfpv4',
    'arm_cortex-a7',
    'arm_cortex-a7_neon-vfpv4',
    'arm_cortex-a7_vfpv4',
    'arm_cortex-a8_vfpv3',
    'arm_cortex-a9',
    'arm_cortex-a9_neon',
    'arm_cortex-a9_vfpv3-d16',
    'arm_cortex-a15_neon-vfpv4',
  ],
  aarch64: ['aarch64_cortex-a53', 'aarch64_cortex-a72', 'aarch64_cortex-a76', 'aarch64_generic'],
  x86_64: ['x86_64'],
};
